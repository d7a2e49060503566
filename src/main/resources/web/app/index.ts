import './page.css';
import './views/app';
